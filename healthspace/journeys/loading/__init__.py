"""Reading folders of CDA, FHIR bundles and plain files into orders; nothing here touches the database."""
