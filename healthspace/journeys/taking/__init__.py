"""Reading older records: folders after IHE XDM (ITI-32) with a RECORD.json beside each METADATA.XML."""
