"""The access log as who reviews it for an organisation reads it: without names, and signed for by the week."""
