"""Reading what people write: names, sections of documents, timelines of jobs."""
