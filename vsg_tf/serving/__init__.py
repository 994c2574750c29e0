"""The model over gRPC: TensorFlow Serving's protocol, a client, a server, networks far away."""
