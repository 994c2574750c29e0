"""The front end of REGNET and of the paper: BN-Inception features of pictures and of their flow."""
