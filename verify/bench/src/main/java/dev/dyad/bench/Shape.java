package dev.dyad.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How what is measured depends on a number. That it does as expected is a row of its own, whose figure is how many
/// times a point lies off.
enum Shape {

    /// A cost that stays what it is with the smallest number: how many times that the highest point is.
    CONSTANT {
        @Override
        double deviation(double[] along, double[] figures) {
            double highest = 0;
            for (double each : figures) {
                highest = Math.max(highest, each / figures[0]);
            }
            return highest;
        }
    },

    /// A rate that no larger number makes smaller: how many times a point is that a later one falls below.
    NEVER_FALLING {
        @Override
        double deviation(double[] along, double[] figures) {
            double highest = 0;
            double worst = 1;
            for (double each : figures) {
                highest = Math.max(highest, each);
                worst = Math.max(worst, highest / each);
            }
            return worst;
        }
    },

    /// A constant and so much for each one, neither less than nothing: how many times a point is what the best such
    /// line says, or the line what the point is.
    LINE {
        @Override
        double deviation(double[] along, double[] figures) {
            return FittedLine.through(along, figures).deviation(along, figures);
        }
    };

    /// The unit of the rows.
    static final String UNIT = "×";

    private static final String NAME = "shape: ";

    /// Returns how many times a point lies off, 1 if none does.
    ///
    /// @param along what the figures are of, from the smallest on
    abstract double deviation(double[] along, double[] figures);

    /// Returns a row that says how far our own figures are off, round by round.
    ///
    /// @param expectation what the shape means here, as `select does not grow with idle ends`
    /// @param limit how many times off is as expected
    /// @param points results of one curve, from the smallest number on
    Result of(String expectation, double limit, List<Result> points) {
        double[] along = points.stream()
                .mapToDouble(each -> CurveChart.place(each).value())
                .toArray();
        int rounds = points.getFirst().ours().rounds().size();
        var deviations = new ArrayList<Double>();
        for (int i = 0; i < rounds; i++) {
            int round = i;
            deviations.add(deviation(
                    along,
                    points.stream()
                            .mapToDouble(each -> each.ours().rounds().get(round))
                            .toArray()));
        }
        return Result.of(NAME + expectation, UNIT, Goal.atMost(limit), deviations);
    }

    /// Returns the verdict on a row: `at most 1.30 ×: as expected`.
    static String verdict(Goal goal, Figures figures) {
        String verdict = goal.isMetBy(figures.median()) ? ": as expected" : ": not as expected";
        return String.format(Locale.ROOT, "at most %.2f %s", goal.limit(), UNIT) + (figures.isTooFew() ? "" : verdict);
    }
}
