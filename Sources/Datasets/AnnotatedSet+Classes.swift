extension AnnotatedSet {
    /// The set with some of its classes renamed, joined, ignored or left out.
    ///
    /// - Throws: A ``DatasetError`` for a class that the set does not have.
    func renamed(_ uses: [String: ClassUse]) throws(DatasetError) -> AnnotatedSet {
        guard !uses.isEmpty else { return self }
        if let unknown = uses.keys.sorted().first(where: { !classes.contains($0) }) {
            throw DatasetError(
                .wrong,
                "\(name) has no class \"\(unknown)\"; it has \(classes.joined(separator: ", ")).")
        }
        return converted { uses[$0] ?? .named($0) }
    }

    /// The set with the classes of a model, in their order.
    ///
    /// Objects of other classes count as background, and a notice says how many of which. Classes that the set
    /// neither has nor calls unlabelled are unlabelled: their objects may stand in the pictures.
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
                    "\(counts[other, default: 0]) of \"\(other)\", which is no class of the model, count as background."
                ))
        }
        return adopted
    }

    /// The set with further classes after its own; those that it has already stay where they are.
    public func extended(by names: [String]) -> AnnotatedSet {
        var set = self
        set.classes += names.filter { !classes.contains($0) }
        return set
    }

    /// The set with each class put to a use; classes that get no object any more disappear.
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

    /// The set with its classes, all of which are among `names`, in the order of those.
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
