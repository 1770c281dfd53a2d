"""A real RTSP server for tests: GStreamer's, on loopback, playing one H.264 file in MP4 without encoding it again.

    /usr/bin/python3 gstreamer_camera.py FILE.mp4 PORT [sound]

Prints "ready" when it can be asked. At the end of the file a session ends, as a camera that hangs up.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

path, port = sys.argv[1], sys.argv[2]
Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(port)
factory = GstRtspServer.RTSPMediaFactory()
pictures = "h264parse ! rtph264pay name=pay0 pt=96 config-interval=1"
sound = "d.audio_0 ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97" if "sound" in sys.argv else ""
factory.set_launch(
    f'( filesrc location="{path}" ! qtdemux name=d d.video_0 ! queue ! {pictures} {sound} )'
)
factory.set_shared(False)
server.get_mount_points().add_factory("/camera", factory)
if server.attach(None) == 0:
    sys.exit(f"port {port} is taken")
print("ready", flush=True)
GLib.MainStreamReader().run()
