"""What all models share: they are defined by the whole configuration."""

import keras

from vsg_tf.config import Config


class ConfiguredModel(keras.Model):
    """A model defined by a `Config`, of which each subclass reads its own section.

    Args:
        config: the validated configuration.
    """

    def __init__(self, config: Config, **kwargs):
        super().__init__(**kwargs)
        self.config = config

    def get_config(self):
        return {
            "name": self.name,
            "dtype": keras.saving.serialize_keras_object(self.dtype_policy),
            "config": self.config.model_dump(mode="json"),
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        return cls(
            Config.model_validate(config.pop("config")),
            name=config["name"],
            dtype=keras.saving.deserialize_keras_object(config["dtype"]),
        )
