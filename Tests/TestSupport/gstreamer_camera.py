"""GStreamer's RTSP server on loopback, for tests: plays H.264 or HEVC in MP4 without re-encoding.

    /usr/bin/python3 gstreamer_camera.py FILE.mp4 PORT [sound] [hevc]

Prints "ready" when it listens. A session ends at the end of the file, like a camera that disconnects.
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
codec = "265" if "hevc" in sys.argv else "264"
video = f"h{codec}parse ! rtph{codec}pay name=pay0 pt=96 config-interval=1"
audio = "d.audio_0 ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97" if "sound" in sys.argv else ""
factory.set_launch(
    f'( filesrc location="{path}" ! qtdemux name=d d.video_0 ! queue ! {video} {audio} )'
)
factory.set_shared(False)
server.get_mount_points().add_factory("/camera", factory)
if server.attach(None) == 0:
    sys.exit(f"port {port} is taken")
print("ready", flush=True)
GLib.MainLoop().run()
