internal import Pipeline
public import Scene
internal import Video

/// Average precision of a model on a data set.
public struct EvaluationReport: Sendable {
    /// Number of evaluated images.
    public let images: Int
    /// The data set's classes, in its order.
    public let classNames: [String]
    /// Metrics of COCO: 100 detections per image, IoU 0.5 to 0.95.
    public let coco: DetectionMetrics
    /// Metrics of VOC: IoU 0.5.
    public let voc: VOCPrecision

    private var rows: [(key: String, value: Double?)] {
        [
            ("AP", coco.averagePrecision), ("AP50", coco.averagePrecision50),
            ("AP75", coco.averagePrecision75), ("APsmall", coco.averagePrecisionSmall),
            ("APmedium", coco.averagePrecisionMedium), ("APlarge", coco.averagePrecisionLarge),
            ("AR1", coco.averageRecall1), ("AR10", coco.averageRecall10),
            ("AR100", coco.averageRecall100), ("VOC", voc.averagePrecision),
            ("VOC11", voc.averagePrecision11),
        ]
    }

    /// The report for people; a dash where the data set cannot tell.
    public var text: String {
        var lines = [pluralized(images, "image", "images")]
        for (key, value) in rows { lines.append(row(key, [value])) }
        lines.append("")
        lines.append("class".padded(14) + "AP".padded(10) + "AP50".padded(10) + "VOC")
        for (index, name) in classNames.enumerated() {
            let precision = coco.classes[index]
            lines.append(
                row(
                    name,
                    [precision.averagePrecision, precision.averagePrecision50, voc.classes[index]]))
        }
        return lines.joined(separator: "\n")
    }

    /// The report as one JSON object; null where the data set cannot tell.
    public var json: String {
        JSONObject {
            for (key, value) in rows { $0.addRaw(key, number(value)) }
            $0.add("images", images)
            $0.add("classes", classesJSON)
        }.text
    }

    private var classesJSON: JSONObject {
        JSONObject {
            for (index, name) in classNames.enumerated() {
                let precision = coco.classes[index]
                $0.add(
                    name,
                    JSONObject {
                        $0.addRaw("AP", number(precision.averagePrecision))
                        $0.addRaw("AP50", number(precision.averagePrecision50))
                        $0.addRaw("VOC", number(voc.classes[index]))
                    })
            }
        }
    }

    private func row(_ name: String, _ values: [Double?]) -> String {
        name.padded(14)
            + values.map { ($0.map { DecimalText.text($0, decimals: 4) } ?? "-").padded(10) }
            .joined()
    }

    private func number(_ value: Double?) -> String {
        value.map { DecimalText.text($0, decimals: 6) } ?? "null"
    }
}

extension String {
    /// The text, followed by spaces up to a width; at least one.
    func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}
