/// Every backbone that a model file may ask for.
public enum BackboneCatalog {
    /// All names, in the order of the papers.
    public static var names: [String] {
        SNet.all.map(\.name) + FDMobileNet.all.map(\.name) + MENet.all.map(\.name)
    }

    /// The backbone of this name, or nil where there is none.
    ///
    /// - Parameters:
    ///   - name: One of ``names``.
    ///   - unit: How ShuffleNet units split and mix channels; read by the SNets only.
    ///   - epsilon: What is added to a variance before its root is taken.
    /// - Returns: The backbone as a table that builds itself.
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
        return nil
    }
}
