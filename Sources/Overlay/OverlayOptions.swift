/// Options of the overlay: parts to draw, colours and sizes.
public struct OverlayOptions: Hashable, Sendable {
    /// Attribute that selects the colour of an object.
    public enum Coloring: String, Hashable, Sendable, CaseIterable {
        /// One colour for each class.
        case byClass = "class"
        /// One colour for each identity; the palette repeats.
        case byIdentity = "id"
    }

    /// Draws the outline of each object.
    public var showsBoxes = true
    /// Shows the class in the label.
    public var showsNames = true
    /// Shows the identity in the label.
    public var showsIdentities = true
    /// Shows the score, in percent, in the label.
    public var showsScores = true
    /// Reduces a label to the identity when it would be more than twice as wide as the box.
    public var shortensSmallLabels = true
    /// Draws the recent path of each object.
    public var showsTraces = true
    /// Draws the read-out, if one is given.
    public var showsReadout = true
    /// Attribute that selects the colour of an object.
    public var coloring = Coloring.byClass
    /// Colours, assigned in this order.
    public var palette = Palette.okabeIto
    /// Factor on the default line width, clamped to 0.25…8.
    public var lineScale: Float = 1
    /// Factor on the default text size, clamped to 0.25…8.
    public var textScale: Float = 1
    /// Path of a font file that FreeType can read; nil for the system's DejaVu Sans.
    public var fontPath: String?

    /// Creates the default options: all parts, coloured by class, default sizes.
    public init() {}

    /// True when a label has any content.
    var showsLabels: Bool { showsNames || showsIdentities || showsScores }
}

/// Content of the panel in the upper left corner of a frame.
public struct Readout: Hashable, Sendable {
    /// Frame rate in frames per second; nil to omit it.
    public var framesPerSecond: Double?
    /// True to show the number of objects of each class.
    public var showsCounts: Bool
    /// Additional lines, such as a camera's name; at most eight are drawn.
    public var lines: [String]

    /// Creates a read-out from its parts.
    public init(framesPerSecond: Double? = nil, showsCounts: Bool = true, lines: [String] = []) {
        self.framesPerSecond = framesPerSecond
        self.showsCounts = showsCounts
        self.lines = lines
    }
}
