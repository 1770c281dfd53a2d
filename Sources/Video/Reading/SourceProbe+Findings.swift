extension SourceProbe {
    /// What is worth knowing, warnings first.
    public var findings: [Finding] {
        let warnings = (report.warnings + clockWarnings + soundWarnings).map {
            Finding(weight: .warning, sentence: $0)
        }
        return warnings + notes.map { Finding(weight: .note, sentence: $0) }
    }

    private var clockWarnings: [String] {
        var sentences: [String] = []
        let nominal = description.picture.nominalRate.value
        if !timing.isVariable && timing.rate > 0 && nominal > 0
            && abs(timing.rate - nominal) > 0.01 * nominal
        {
            sentences.append(
                "The container states \(fixed(nominal, 3)) frames a second, "
                    + "the stamps say \(fixed(timing.rate, 3)); the stamps are used.")
        }
        let step = timing.rate > 0 ? 1 / timing.rate : 0
        if timing.longestStep > max(1, 10 * step) {
            sentences.append(
                "There is a hole of \(fixed(timing.longestStep, 2)) s between two frames.")
        }
        if let stated = description.duration, isComplete, !report.isTruncated {
            let video = timing.last + step - timing.first
            if abs(stated - video) > max(0.5, 2 * step), timing.rate > 0 {
                sentences.append(
                    "The container states \(fixed(stated, 2)) s, "
                        + "the pictures last \(fixed(video, 2)) s.")
            }
        }
        return sentences
    }

    private var soundWarnings: [String] {
        var sentences: [String] = []
        if let audioStart, abs(audioStart) > 0.1 {
            sentences.append(
                "Sound begins \(fixed(abs(audioStart), 2)) s "
                    + "\(audioStart > 0 ? "after" : "before") the pictures.")
        }
        if let audioEnd, abs(audioEnd) > 0.5 {
            sentences.append(
                "Sound ends \(fixed(abs(audioEnd), 2)) s "
                    + "\(audioEnd > 0 ? "after" : "before") the pictures.")
        }
        return sentences
    }

    private var notes: [String] {
        let picture = description.picture
        var sentences: [String] = []
        if picture.rotation != 0 || picture.isMirrored {
            let mirror = picture.isMirrored ? "mirrored and " : ""
            sentences.append(
                "Pictures are stored \(mirror)turned; they are turned upright "
                    + "by \(picture.rotation) degrees clockwise.")
        }
        if timing.isVariable {
            sentences.append(
                "The frame rate varies: steps from \(fixed(timing.shortestStep * 1000, 1)) "
                    + "to \(fixed(timing.longestStep * 1000, 1)) ms.")
        }
        if picture.isInterlaced || report.interlacedFrames > 0 {
            sentences.append(
                "Pictures are interlaced (\(report.interlacedFrames) of \(report.frames)); "
                    + "deinterlacing removes the combs.")
        }
        if timing.longestKeyDistance > 300 {
            sentences.append(
                "Key frames are up to \(timing.longestKeyDistance) frames apart; seeking is slow.")
        }
        let aspect = picture.sampleAspectRatio
        if aspect.value > 0 && aspect.numerator != aspect.denominator {
            sentences.append("Samples are not square (\(aspect)); players stretch the picture.")
        }
        return sentences
    }
}

/// A number with so many places after the point, without the help of Foundation.
func fixed(_ value: Double, _ places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 1e15 else { return "\(value)" }
    let whole = Int(scaled / scale)
    guard places > 0 else { return (value < 0 && whole > 0 ? "-" : "") + "\(whole)" }
    let rest = String(Int(scaled) - whole * Int(scale))
    let zeros = String(repeating: "0", count: max(places - rest.count, 0))
    return (value < 0 && scaled > 0 ? "-" : "") + "\(whole)." + zeros + rest
}
