import Testing

@testable import Live

/// Places of frames in a recording.
struct ArrivalIndexTests {
    /// The first packets of a camera are read in one microsecond, in decoding order.
    @Test func framesOfOneBurstKeepTheirOwnPlaces() {
        var index = ArrivalIndex()
        for (ticks, seconds) in [(0, 0.0), (14_400, 0.16), (7_200, 0.08)] {
            index.note(arrival: 1000, ticks: Int64(ticks), seconds: seconds)
        }
        #expect(index.seconds(at: 1000, ticks: 0) == 0)
        #expect(index.seconds(at: 1000, ticks: 7_200) == 0.08)
        #expect(index.seconds(at: 1000, ticks: 14_400) == 0.16)
    }

    @Test func frameOfAnotherStreamIsPlacedByItsArrival() {
        var index = ArrivalIndex()
        index.note(arrival: 1_000_000_000, ticks: 0, seconds: 2)
        #expect(index.seconds(at: 1_500_000_000, ticks: 77) == 2.5)
        #expect(index.seconds(at: 500_000_000, ticks: 0) == nil)
    }
}
