extension AnnotatedSet {
    /// Returns the set with some of its classes renamed, merged, ignored or removed.
    ///
    /// - Throws: A ``DatasetError`` if the set has no class of a given name.
    func renamed(_ uses: [String: ClassUse]) throws(DatasetError) -> AnnotatedSet {
        guard !uses.isEmpty else { return self }
        if let unknown = uses.keys.sorted().first(where: { !classes.contains($0) }) {
            throw DatasetError(
                .wrong,
                "\(name) has no class \"\(unknown)\"; it has \(classes.joined(separator: ", ")).")
        }
        return converted { uses[$0] ?? .named($0) }
    }

    /// Returns the set with the classes of a model, in the model's order.
    ///
    /// Objects of other classes become background; a notice counts them. Model classes that the set does not annotate
    /// are marked as unlabelled, because their objects may be visible in the images.
    public func adopting(_ names: [String]) -> AnnotatedSet {
        let others = classes.filter { !names.contains($0) }
        var counts: [String: Int] = [:]
        for picture in pictures {
            for annotation in picture.annotations {
                if let index = annotation.classIndex { counts[classes[index], default: 0] += 1 }
            }
        }
        var adopted = converted { names.contains($0) ? .named($0) : .background }
        let missing = adopted.unlabelled.map { adopted.classes[$0] }
        let present = adopted.classes
        adopted = adopted.reordered(names)
        adopted.unlabelled = Set(
            names.indices.filter { missing.contains(names[$0]) || !present.contains(names[$0]) })
        for other in others where counts[other, default: 0] > 0 {
            adopted.notices.append(
                DatasetNotice(
                    name,
                    "objects of \"\(other)\" (\(counts[other, default: 0])), a class that the model does not have, count as background."
                ))
        }
        return adopted
    }

    /// Returns the set with further classes appended; existing classes keep their indices.
    public func extended(by names: [String]) -> AnnotatedSet {
        var set = self
        set.classes += names.filter { !classes.contains($0) }
        return set
    }

    /// Returns the set with each class converted; classes without objects are removed.
    private func converted(_ use: (String) -> ClassUse) -> AnnotatedSet {
        var set = self
        set.classes = []
        let uses = classes.map(use)
        var targets: [Int?] = []
        for case let use in uses {
            guard case .named(let name) = use else {
                targets.append(nil)
                continue
            }
            if !set.classes.contains(name) { set.classes.append(name) }
            targets.append(set.classes.firstIndex(of: name))
        }
        set.unlabelled = Set(unlabelled.compactMap { targets[$0] })
        for index in set.pictures.indices {
            set.pictures[index].annotations = pictures[index].annotations.compactMap { annotation in
                guard let old = annotation.classIndex else { return annotation }
                if uses[old] == .background { return nil }
                var new = annotation
                new.classIndex = targets[old]
                if uses[old] == .ignored { new.isIgnored = true }
                return new
            }
        }
        return set
    }

    /// Returns the set with its classes in the order of `names`, which contains all of them.
    private func reordered(_ names: [String]) -> AnnotatedSet {
        var set = self
        set.classes = names
        let places = classes.map { name in names.firstIndex(of: name) }
        for index in set.pictures.indices {
            for number in set.pictures[index].annotations.indices {
                let old = pictures[index].annotations[number].classIndex
                set.pictures[index].annotations[number].classIndex = old.flatMap { places[$0] }
            }
        }
        return set
    }
}
