/// Smallest and largest objects of each class, as fractions of the frame.
///
/// The size of a box is the larger of its width over the frame's width and its height over the frame's height.
public struct SizeLimits: Hashable, Sendable {
    /// Smallest size by class index; absent for none.
    public var least: [Int: Float] = [:]
    /// Largest size by class index; absent for none.
    public var most: [Int: Float] = [:]

    /// No limits.
    public init() {}

    /// True without a limit.
    public var isEmpty: Bool { least.isEmpty && most.isEmpty }

    /// True for a detection whose size is within the limits of its class.
    func allow(_ detection: Detection, frameWidth: Int, frameHeight: Int) -> Bool {
        let box = detection.box
        let size = max(box.width / Float(frameWidth), box.height / Float(frameHeight))
        return size >= least[detection.classIndex] ?? 0
            && size <= most[detection.classIndex] ?? .infinity
    }
}

extension [Detection] {
    /// Removes the detections that are too small or too large; keeps the order of the rest.
    public mutating func remove(outside limits: SizeLimits, frameWidth: Int, frameHeight: Int) {
        guard !limits.isEmpty else { return }
        removeAll { !limits.allow($0, frameWidth: frameWidth, frameHeight: frameHeight) }
    }
}
