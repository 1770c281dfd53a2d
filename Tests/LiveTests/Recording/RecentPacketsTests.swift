import TestSupport
import Testing
import Video

@testable import Live

struct RecentPacketsTests {
    @Test func itBeginsWithAKeyFrameAndHoldsAtLeastTheSeconds() throws {
        let source = try Media.make(
            "recent.mp4",
            "-f lavfi -i testsrc2=size=160x96:rate=25:duration=4 -c:v libx264 -preset ultrafast -g 10"
        )
        let (packets, _) = try Packets.all(of: source)
        var none = RecentPackets(seconds: 0)
        var all = RecentPackets(seconds: 1000)
        var isFirst = true
        for shared in packets {
            none.add(shared, isKeyFrame: shared.packet.isKey)
            all.add(shared, isKeyFrame: shared.packet.isKey && !isFirst)
            isFirst = false
            let isKey = none.packets.first?.packet.isKey ?? false
            #expect(isKey)
            #expect(none.packets.count <= 11)
        }
        // Packets before the first key frame are useless.
        #expect(all.packets.count == 90)
        all.clear()
        #expect(all.packets.isEmpty)
    }
}
