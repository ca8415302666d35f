"""The parts of the layout check: what a page holds, and the rules it is measured by. `issues/layout_check.py` runs them."""
