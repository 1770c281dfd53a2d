import Testing

@testable import Tensors

/// Comparison with the published examples of the protocol-buffer encoding.
struct WireMessageTests {
    @Test func integersAreVarints() {
        var message = WireMessage()
        message.add(1, 150)
        #expect(message.bytes == [0x08, 0x96, 0x01])
    }

    @Test func negativeIntegersTakeTenBytes() {
        var message = WireMessage()
        message.add(2, -1)
        #expect(message.bytes == [0x10] + Array(repeating: 0xff, count: 9) + [0x01])
    }

    @Test func textIsPrefixedByItsLength() {
        var message = WireMessage()
        message.add(2, "testing")
        #expect(message.bytes == [0x12, 0x07] + Array("testing".utf8))
    }

    @Test func messagesNest() {
        var inner = WireMessage()
        inner.add(1, 150)
        var outer = WireMessage()
        outer.add(3, inner)
        #expect(outer.bytes == [0x1a, 0x03, 0x08, 0x96, 0x01])
    }

    @Test func floatsAreLittleEndianAndHighFieldsTakeTwoBytes() {
        var message = WireMessage()
        message.add(20, Float(1))
        #expect(message.bytes == [0xa5, 0x01, 0x00, 0x00, 0x80, 0x3f])
    }

    @Test(arguments: [0, 1, 127, 128, 16_383, 16_384, Int.max, Int.min, -300])
    func writtenFilesReadBackEqual(value: Int) throws {
        var message = WireMessage()
        message.add(7, value)
        #expect(try WireReader(message.bytes).integers(7) == [value])
    }
}
