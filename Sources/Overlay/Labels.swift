internal import Pixels
internal import Scene

extension OverlayRenderer {
    /// Draws an object's label (class, identity, score) at its outline.
    mutating func drawLabel(of object: TrackedObject, on picture: inout MutablePicture) {
        guard let outline = outline(of: object, in: picture.picture) else { return }
        compose(object, within: picture.picture.width - 2 * padding)
        if options.shortensSmallLabels && glyphs.width(of: text) > 2 * outline.width {
            shorten(to: object)
        }
        let whole = PixelRect(
            left: 0, top: 0, right: picture.picture.width, bottom: picture.picture.height)
        let place = placer.place(
            width: glyphs.width(of: text) + 2 * padding, height: lineHeight, outline: outline,
            line: sizes.line, in: whole)
        let index = colorIndex(of: object)
        // The label of a predicted object is inverted: coloured text on black.
        let background = object.isPredicted ? canvas.black : canvas.inks[index]
        let ink = object.isPredicted ? canvas.tints[index] : canvas.textInks[index]
        canvas.fill(place, background, opacity: object.isPredicted ? 170 : 230, on: &picture)
        write(
            at: place.left + padding, baseline: place.top + glyphs.extent.ascent, ink, on: &picture)
    }

    /// Composes the text of a label: `car #12 91%`.
    ///
    /// A class name that makes it wider than `limit` pixels is truncated.
    private mutating func compose(_ object: TrackedObject, within limit: Int) {
        text.removeAll()
        appendName(object.classIndex)
        var nameLength = text.scalars.count
        if options.showsIdentities {
            text.separate()
            appendIdentity(object.id)
        }
        if options.showsScores {
            text.separate()
            text.append(percentOf: object.score)
        }
        while nameLength > 1, glyphs.width(of: text) > limit {
            text.elide(first: nameLength)
            nameLength -= 1
        }
    }

    /// Reduces the text to the identity, so that labels of distant objects do not hide them.
    private mutating func shorten(to object: TrackedObject) {
        guard options.showsIdentities else { return }
        text.removeAll()
        appendIdentity(object.id)
    }

    private mutating func appendIdentity(_ id: Int) {
        text.append(scalar: 0x23)
        text.append(id)
    }

    /// Appends the name of a class, or its index when the model has no name for it.
    private mutating func appendName(_ classIndex: Int) {
        guard options.showsNames else { return }
        if classNames.indices.contains(classIndex) {
            text.append(classNames[classIndex])
        } else {
            text.append("class ")
            text.append(classIndex)
        }
    }

    /// Draws the current text, starting at a pen position.
    mutating func write(
        at x: Int, baseline y: Int, _ ink: Ink, on picture: inout MutablePicture
    ) {
        var pen = x
        for index in text.scalars.indices {
            let glyph = glyphs.glyph(text.scalars[index])
            canvas.draw(glyph, of: glyphs.pixels, x: pen, baseline: y, ink, on: &picture)
            pen += glyph.advance
        }
    }

    /// Horizontal padding of a label, in columns.
    var padding: Int { max(sizes.textWidth / 4, 2) }

    /// Height of a line of text, in rows.
    var lineHeight: Int { glyphs.extent.ascent + glyphs.extent.descent }
}

extension OverlayRenderer {
    /// Maximum number of the caller's lines in the read-out.
    private static let lineLimit = 8

    /// Draws frame rate and counts on a dark panel in the upper left corner.
    mutating func drawReadout(
        _ readout: Readout, _ objects: [TrackedObject], on picture: inout MutablePicture
    ) {
        let margin = sizes.textHeight / 2
        var panel = PixelRect(left: margin, top: margin, width: 0, height: 0)
        count(objects)
        for line in 0..<lineCount(readout) {
            guard compose(readout, line: line) else { continue }
            panel.right = max(panel.right, panel.left + glyphs.width(of: text) + 2 * padding)
            panel.bottom += lineHeight
        }
        guard !panel.isEmpty else { return }
        panel.bottom += 2 * padding
        placer.reserve(panel)
        canvas.fill(panel, canvas.black, opacity: 170, on: &picture)
        var baseline = panel.top + padding + glyphs.extent.ascent
        for line in 0..<lineCount(readout) {
            guard compose(readout, line: line) else { continue }
            write(at: panel.left + padding, baseline: baseline, canvas.white, on: &picture)
            baseline += lineHeight
        }
    }

    private func lineCount(_ readout: Readout) -> Int {
        1 + min(readout.lines.count, OverlayRenderer.lineLimit) + classNames.count
    }

    /// Composes one line of the read-out: rate, the caller's lines, then counts; returns false for an empty line.
    private mutating func compose(_ readout: Readout, line: Int) -> Bool {
        text.removeAll()
        let ownLines = min(readout.lines.count, OverlayRenderer.lineLimit)
        if line == 0 {
            guard let rate = readout.framesPerSecond else { return false }
            text.append(tenthsOf: rate)
            text.append(" fps")
        } else if line <= ownLines {
            text.append(readout.lines[line - 1])
        } else {
            let index = line - 1 - ownLines
            guard readout.showsCounts, counts[index] > 0 else { return false }
            text.append(classNames[index])
            text.separate()
            text.append(counts[index])
        }
        return !text.isEmpty
    }

    /// Counts the objects of each named class.
    private mutating func count(_ objects: [TrackedObject]) {
        for index in counts.indices { counts[index] = 0 }
        for object in objects where counts.indices.contains(object.classIndex) {
            counts[object.classIndex] += 1
        }
    }
}
