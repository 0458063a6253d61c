"""The door for machines: FHIR R4 as JSON, for registered software."""
