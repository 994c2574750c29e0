"""What a media file says of its streams and their time, before a pixel is used."""
