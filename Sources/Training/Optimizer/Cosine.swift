private import Foundation

/// The cosine of a share of half a turn: 1 at 0, −1 at 1.
func cosine(of share: Double) -> Double { cos(Double.pi * share) }
