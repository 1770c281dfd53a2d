/// Result of writing an output.
public struct WriteReport: Sendable, Hashable {
    /// Source stream that is not in the output.
    public struct DroppedStream: Sendable, Hashable {
        /// Index in ``SourceDescription/streams``.
        public var index: Int
        /// Kind and codec, such as `subtitle (subrip)`.
        public var name: String
        /// Reason.
        public var reason: String
    }

    /// Path of the output; differs from the requested one if the last step failed.
    public var path: String
    /// Frames written.
    public var frames: Int
    /// Size of the file in bytes.
    public var bytes: Int64
    /// Warnings for the user: loss of quality, re-encoded audio, repaired timestamps.
    public var warnings: [String]
    /// Source streams that are not in the output.
    public var droppedStreams: [DroppedStream]
    /// True for a plain file with its index first; false for a fragmented one.
    public var isPlain: Bool
}
