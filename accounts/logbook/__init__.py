"""The access log as who reviews it for an organisation reads it: without names of caregivers, signed for by the week."""
