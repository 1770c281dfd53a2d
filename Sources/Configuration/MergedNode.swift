import Yams

extension Node {
    /// The node with all merge keys (`<<`) replaced by what they name (YAML 1.1 merge key type).
    ///
    /// A mapping's own keys win over merged ones, earlier mappings of a list over later ones.
    var merged: Node {
        switch self {
        case .mapping(let mapping): .mapping(mapping.merged)
        case .sequence(let sequence):
            .sequence(
                Node.Sequence(
                    sequence.map(\.merged), sequence.tag, sequence.style, sequence.mark))
        default: self
        }
    }
}

extension Node.Mapping {
    fileprivate var merged: Node.Mapping {
        var pairs: [(Node, Node)] = []
        var sources: [Node.Mapping] = []
        for (key, value) in self {
            let value = value.merged
            guard key.string == "<<", let named = value.named else {
                pairs.append((key, value))
                continue
            }
            sources += named
        }
        var known = Set(pairs.map(\.0))
        for (key, value) in sources.joined() where known.insert(key).inserted {
            pairs.append((key, value))
        }
        return Node.Mapping(pairs, tag, style, mark)
    }
}

extension Node {
    /// Mappings that a merge key's value names; nil for another value.
    fileprivate var named: [Node.Mapping]? {
        if let mapping { return [mapping] }
        guard let sequence else { return nil }
        let mappings = sequence.compactMap(\.mapping)
        return mappings.count == sequence.count ? mappings : nil
    }
}
