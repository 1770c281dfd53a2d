/// What is drawn, and how.
public struct OverlayOptions: Hashable, Sendable {
    /// What decides the colour of an object.
    public enum Coloring: String, Hashable, Sendable, CaseIterable {
        /// All objects of a class look alike.
        case byClass = "class"
        /// Each identity has its own colour, as far as the palette reaches.
        case byIdentity = "id"
    }

    /// Draw the outline of each object.
    public var showsBoxes = true
    /// Name the class in the label.
    public var showsNames = true
    /// Give the identity in the label.
    public var showsIdentities = true
    /// Give the score, in percent, in the label.
    public var showsScores = true
    /// Write only the identity where the whole label would be more than twice as wide as the box.
    public var shortensSmallLabels = true
    /// Draw the line along which an object came.
    public var showsTraces = true
    /// Draw the read-out, when there is one.
    public var showsReadout = true
    /// What decides the colour of an object.
    public var coloring = Coloring.byClass
    /// The colours, given out in this order.
    public var palette = Palette.okabeIto
    /// Line width as a multiple of the usual one; kept within 0.25 to 8.
    public var lineScale: Float = 1
    /// Text size as a multiple of the usual one; kept within 0.25 to 8.
    public var textScale: Float = 1
    /// A font file that FreeType can read; nil for DejaVu Sans where Debian puts it.
    public var fontPath: String?

    /// Everything on, coloured by class, in the usual sizes.
    public init() {}

    /// True when a label has anything to say.
    var showsLabels: Bool { showsNames || showsIdentities || showsScores }
}

/// What is written in the upper left corner of a frame, beside the counts of what is seen in it.
public struct Readout: Hashable, Sendable {
    /// Frames a second, or nil to leave the rate out.
    public var framesPerSecond: Double?
    /// Whether to count the objects of each class in this frame.
    public var showsCounts: Bool
    /// Further lines, such as a camera's name; not more than eight are drawn.
    public var lines: [String]

    /// A read-out by its parts.
    public init(framesPerSecond: Double? = nil, showsCounts: Bool = true, lines: [String] = []) {
        self.framesPerSecond = framesPerSecond
        self.showsCounts = showsCounts
        self.lines = lines
    }
}
