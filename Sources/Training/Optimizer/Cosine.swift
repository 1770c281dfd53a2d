private import Foundation

/// Cosine of a share of π: 1 at 0, −1 at 1.
func cosine(of share: Double) -> Double { cos(Double.pi * share) }
