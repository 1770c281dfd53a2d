extension SourceProbe {
    /// Findings in sentences, warnings first.
    public var findings: [Finding] {
        let warnings = (report.warnings + clockWarnings + audioWarnings).map {
            Finding(weight: .warning, sentence: $0)
        }
        return warnings + notes.map { Finding(weight: .note, sentence: $0) }
    }

    private var clockWarnings: [String] {
        var sentences: [String] = []
        let nominal = description.video.nominalRate.value
        if !timing.isVariable && timing.rate > 0 && nominal > 0
            && abs(timing.rate - nominal) > 0.01 * nominal
        {
            sentences.append(
                "The container states \(fixed(nominal, 3)) frames per second, "
                    + "the timestamps state \(fixed(timing.rate, 3)); the timestamps are used.")
        }
        let step = timing.rate > 0 ? 1 / timing.rate : 0
        if timing.longestStep > max(1, 10 * step) {
            sentences.append(
                "There is a gap of \(fixed(timing.longestStep, 2)) s between two frames.")
        }
        let isComparable = report.clockJumps == 0 || !description.hasComputedDuration
        if let stated = description.duration, isComplete, isComparable, !report.isTruncated {
            let length = timing.last + step - timing.first
            if abs(stated - length) > max(0.5, 2 * step), timing.rate > 0 {
                sentences.append(
                    "The container states \(fixed(stated, 2)) s, "
                        + "the video lasts \(fixed(length, 2)) s.")
            }
        }
        return sentences
    }

    private var audioWarnings: [String] {
        var sentences: [String] = []
        if let audioStart, abs(audioStart) > 0.1 {
            sentences.append(
                "Audio begins \(fixed(abs(audioStart), 2)) s "
                    + "\(audioStart > 0 ? "after" : "before") the video.")
        }
        if let audioEnd, abs(audioEnd) > 0.5 {
            sentences.append(
                "Audio ends \(fixed(abs(audioEnd), 2)) s "
                    + "\(audioEnd > 0 ? "after" : "before") the video.")
        }
        return sentences
    }

    private var notes: [String] {
        let video = description.video
        var sentences: [String] = []
        if video.rotation != 0 || video.isMirrored {
            let mirror = video.isMirrored ? "mirrored and " : ""
            sentences.append(
                "Frames are stored \(mirror)rotated; they are rotated "
                    + "by \(video.rotation) degrees clockwise.")
        }
        if timing.isVariable {
            sentences.append(
                "The frame rate varies: steps from \(fixed(timing.shortestStep * 1000, 1)) "
                    + "to \(fixed(timing.longestStep * 1000, 1)) ms.")
        }
        if video.isInterlaced || report.interlacedFrames > 0 {
            sentences.append(
                "Frames are interlaced (\(report.interlacedFrames) of \(report.frames)); "
                    + "deinterlacing removes the combing.")
        }
        if timing.longestKeyFrameDistance > 300 {
            sentences.append(
                "Key frames are up to \(timing.longestKeyFrameDistance) frames apart; seeking is slow."
            )
        }
        let aspect = video.sampleAspectRatio
        if aspect.value > 0 && aspect.numerator != aspect.denominator {
            sentences.append("Pixels are not square (\(aspect)); players stretch the video.")
        }
        return sentences
    }
}

/// Formats a number with a fixed number of decimals, without Foundation.
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
