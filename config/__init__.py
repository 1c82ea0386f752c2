"""What is set rather than computed: the clock, the settings, the calendar's schedule and the plan as data."""
