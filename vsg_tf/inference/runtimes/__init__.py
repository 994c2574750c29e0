"""What runs the trained networks: ONNX Runtime, or TensorFlow."""
