"""The demonstration: the plan carried through its quarters by made-up units (模拟数据)."""
