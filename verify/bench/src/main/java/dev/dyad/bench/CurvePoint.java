package dev.dyad.bench;

/// Where a result lies on a curve: those of one curve are drawn as one, from the smallest number to the largest.
///
/// @param curve what all of them are of
/// @param along what differs between them, such as `ends` or `percentile`
record CurvePoint(String curve, String along, double value) {

    /// What [#along] is where the curve is a distribution.
    static final String PERCENTILE = "percentile";
}
