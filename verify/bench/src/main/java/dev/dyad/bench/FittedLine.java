package dev.dyad.bench;

/// A constant and so much for each one, neither less than nothing.
record FittedLine(double constant, double slope) {

    /// Returns the line whose squared distances from some points are the smallest, each as a part of its point: so that
    /// a small figure counts as much as a large one.
    static FittedLine through(double[] along, double[] figures) {
        double ones = 0; // sums over what is divided by its figure: the figures are then all 1
        double xs = 0;
        double onesOnes = 0;
        double onesXs = 0;
        double xsXs = 0;
        for (int i = 0; i < along.length; i++) {
            double one = 1 / figures[i];
            double x = along[i] / figures[i];
            ones += one;
            xs += x;
            onesOnes += one * one;
            onesXs += one * x;
            xsXs += x * x;
        }
        double divisor = onesOnes * xsXs - onesXs * onesXs;
        double constant = (ones * xsXs - xs * onesXs) / divisor;
        double slope = (xs * onesOnes - ones * onesXs) / divisor;
        if (constant < 0) {
            return new FittedLine(0, xs / xsXs);
        }
        return slope < 0 ? new FittedLine(ones / onesOnes, 0) : new FittedLine(constant, slope);
    }

    /// Returns how many times a point is what this says, or this what the point is, where that is the most.
    double deviation(double[] along, double[] figures) {
        double most = 1;
        for (int i = 0; i < along.length; i++) {
            double said = constant + slope * along[i];
            most = Math.max(most, Math.max(said / figures[i], figures[i] / said));
        }
        return most;
    }
}
