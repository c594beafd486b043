"""The entry point under which LocalStack finds the server (`GATEWAY_SERVER=loopback`)."""

from localstack.runtime.server.core import RuntimeServer, RuntimeServerPlugin


class LoopbackServerPlugin(RuntimeServerPlugin):
    """Serves the gateway where it was told to listen, and nowhere else."""

    name = "loopback"

    def load(self, *_args: object, **_kwargs: object) -> RuntimeServer:
        """Return the server; imported late, as the import brings Twisted's reactor along."""
        from localcloud.gateway_server.server import LoopbackServer

        return LoopbackServer()  # type: ignore[no-untyped-call]
