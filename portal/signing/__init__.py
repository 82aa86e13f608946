"""Signatures of persons in authority and seals of agencies: keys in a token, signatures in PDFs, their examination."""
