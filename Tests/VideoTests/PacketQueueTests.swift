import CFFmpeg
import Testing

@testable import Video

struct PacketQueueTests {
    /// Packet of a given size, owned by the consumer of the entry.
    func entry(_ number: Int64, bytes: Int32) throws -> PacketQueue.Entry {
        let packet = try unsafe PacketBuffer().take()
        let code = unsafe av_new_packet(packet, bytes)
        #expect(code == 0)
        unsafe packet.pointee.pts = number
        return unsafe PacketQueue.Entry(pointer: packet, stream: 0, timeBase: Ratio(1, 1000))
    }

    func drain(_ queue: PacketQueue) -> [Int64] {
        var timestamps: [Int64] = []
        while let entry = queue.removeFirst() {
            timestamps.append(entry.sortTimestamp.ticks)
            entry.free()
        }
        return timestamps
    }

    @Test
    func packetsComeOutInOrder() throws {
        let queue = PacketQueue()
        for number in 0..<1000 { queue.append(try entry(Int64(number), bytes: 10)) }
        #expect(queue.lost == 0)
        #expect(drain(queue) == Array(0..<1000))
    }

    @Test
    func fullQueueDropsTheOldestPackets() throws {
        let queue = PacketQueue(capacity: 10_000)
        for number in 0..<100 { queue.append(try entry(Int64(number), bytes: 744)) }
        #expect(queue.lost == 90)
        #expect(drain(queue) == Array(90..<100))
        queue.append(try entry(100, bytes: 5000))
        #expect(queue.lost == 90)
    }

    @Test
    func newestPacketAlwaysFits() throws {
        let queue = PacketQueue(capacity: 10)
        queue.append(try entry(1, bytes: 5000))
        queue.append(try entry(2, bytes: 5000))
        #expect(drain(queue) == [2])
    }
}
