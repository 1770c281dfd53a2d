/// What became of an output.
public struct WriteReport: Sendable, Hashable {
    /// A stream of the source that is not in the output.
    public struct DroppedStream: Sendable, Hashable {
        /// Its index in ``SourceDescription/streams``.
        public var index: Int
        /// What it is, such as `subtitle (subrip)`.
        public var name: String
        /// Why it had to go.
        public var reason: String
    }

    /// Where the output is; not under the asked name when the last step failed.
    public var path: String
    /// Pictures written.
    public var frames: Int
    /// Size of the file.
    public var bytes: Int64
    /// What people should know, one sentence each: quality given up, sound re-encoded, repairs.
    public var warnings: [String]
    /// Streams of the source that are not in the output.
    public var droppedStreams: [DroppedStream]
    /// True for a plain file that starts at once; false when it was left in fragments.
    public var isPlain: Bool
}
