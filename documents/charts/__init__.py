"""Charts: what an assessment found, drawn once and printed as PNG for papers or SVG for pages."""

import logging

# On a new machine matplotlib tells, at its first import, that it lists fonts or keeps its cache elsewhere: nothing that
# the person who asked for a bulletin has to know.
logging.getLogger("matplotlib").setLevel(logging.ERROR)
