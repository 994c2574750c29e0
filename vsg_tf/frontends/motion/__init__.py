"""The motion front end: optical flow measured in 4 x 4 cells, without a pretrained network."""
