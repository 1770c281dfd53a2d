/// The supported backbones.
public enum BackboneCatalog {
    /// All names, in the order of the papers.
    public static var names: [String] {
        SNet.all.map(\.name) + FDMobileNet.all.map(\.name) + MENet.all.map(\.name)
            + MobileNet.all.map(\.name) + ShuffleNet.all.map(\.name)
    }

    /// The backbone with a name; nil for an unknown name.
    ///
    /// - Parameters:
    ///   - name: One of ``names``.
    ///   - unit: Variant of the ShuffleNet units; used by SNets only.
    ///   - epsilon: Added to variances for numerical stability.
    /// - Returns: The backbone.
    public static func backbone(
        _ name: String, unit: ShuffleUnit = ShuffleUnit(), epsilon: Float = 1e-5
    ) -> (any Backbone)? {
        if var net = SNet.named(name) {
            net.unit = unit
            net.unit.epsilon = epsilon
            return net
        }
        if var net = FDMobileNet.named(name) {
            net.epsilon = epsilon
            return net
        }
        if var net = MENet.named(name) {
            net.epsilon = epsilon
            return net
        }
        if var net = MobileNet.named(name) {
            net.epsilon = epsilon
            return net
        }
        if var net = ShuffleNet.named(name) {
            net.epsilon = epsilon
            return net
        }
        return nil
    }
}
