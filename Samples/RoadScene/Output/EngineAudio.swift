import Foundation

/// Synthetic audio inside the car: engine and tyres, louder and higher with speed.
struct EngineAudio {
    /// Sample rate in Hz.
    static let rate = 44_100
    private var phase: Float = 0
    private var rumble: Float = 0
    private var written = 0
    private var random: Random

    init(seed: UInt64) { random = Random(seed: seed ^ 0x50_0ED) }

    /// Number of samples before a frame, at 30000/1001 frames per second.
    static func samples(before frame: Int) -> Int { frame * rate * 1001 / 30000 }

    /// Audio samples of one frame.
    mutating func frame(_ number: Int, speed: Float) -> [Int16] {
        let count = Self.samples(before: number + 1) - written
        written += count
        return (0..<count).map { _ in sample(speed) }
    }

    private mutating func sample(_ speed: Float) -> Int16 {
        let turns = 26 + speed * 3.4
        phase += 2 * .pi * turns / Float(Self.rate)
        if phase > 4 * .pi { phase -= 4 * .pi }
        let engine = phase.sine + 0.5 * (2 * phase).sine + 0.3 * (phase * 0.5).sine
        // Tyre noise: low-pass filtered white noise.
        rumble += (random.number(-1, 1) - rumble) * 0.06
        return Int16(engine * 1100 + rumble * (900 + speed * 420))
    }
}
