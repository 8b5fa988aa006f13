"""Teachers write the job description and the two resumes of a context."""
