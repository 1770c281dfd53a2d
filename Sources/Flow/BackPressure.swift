/// Behaviour of a sender whose receiver is slower.
public enum BackPressure: String, CaseIterable, Hashable, Sendable {
    /// The sender waits; no element is lost and the order is kept (``Ring``). For files.
    case everyFrame = "every-frame"
    /// The sender never waits; a newer element replaces one that was not taken yet (``Slot``). For
    /// live sources.
    case latest
}
