"""Two participants on an independent stack (aiortc): each publishes and decodes the other. Prints one line of JSON.

usage: aiortc_peers.py http://127.0.0.1:PORT/ ROOM FRAMES
"""
import asyncio
import json
import sys
import urllib.request

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, VideoStreamTrack

BASE, ROOM, WANTED = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def call(op, **more):
    body = json.dumps({"op": op, "room": ROOM, **more}).encode()
    answer = json.load(urllib.request.urlopen(urllib.request.Request(BASE, body)))
    if answer and "error" in answer:
        raise SystemExit(f"{op}: {answer}")
    return answer


class Seat:
    def __init__(self, number):
        self.number, self.frames = number, {"audio": 0, "video": 0}

    async def publish(self):
        self.pub = RTCPeerConnection()
        self.pub.addTrack(AudioStreamTrack())
        self.pub.addTrack(VideoStreamTrack())
        await self.pub.setLocalDescription(await self.pub.createOffer())
        answer = await asyncio.to_thread(call, "publish", participant=self.number, sdp=self.pub.localDescription.sdp)
        await self.pub.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))

    async def receive(self):
        self.sub = RTCPeerConnection()
        self.sub.on("track", lambda track: asyncio.ensure_future(self.consume(track)))
        offer = await asyncio.to_thread(call, "offer", participant=self.number, begin="anew")
        await self.sub.setRemoteDescription(RTCSessionDescription(offer["sdp"], "offer"))
        await self.sub.setLocalDescription(await self.sub.createAnswer())
        await asyncio.to_thread(call, "answer", participant=self.number, version=offer["version"], sdp=self.sub.localDescription.sdp)

    async def consume(self, track):
        try:
            while True:
                await track.recv()
                self.frames[track.kind] += 1
        except MediaStreamError:
            pass


async def main():
    seats = [Seat(1), Seat(2)]
    for seat in seats:
        call("admit", participant=seat.number, publish={"audio": "allowed", "video": "allowed"})
    call("grant", all=True, grants=[[1, 2], [2, 1]])
    await asyncio.gather(*(s.publish() for s in seats))
    await asyncio.gather(*(s.receive() for s in seats))
    for _ in range(600):
        await asyncio.sleep(0.1)
        if all(min(s.frames.values()) >= WANTED for s in seats):
            break
    print(json.dumps({"frames": [s.frames for s in seats], "enough": all(min(s.frames.values()) >= WANTED for s in seats)}))
    for seat in seats:
        await seat.pub.close()
        await seat.sub.close()


asyncio.run(main())
