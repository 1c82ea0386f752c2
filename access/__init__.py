"""Who gets into the portal: passwords, sign-ins, tokens. What they may do there is the ledger's business."""
