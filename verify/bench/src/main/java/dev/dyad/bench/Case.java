package dev.dyad.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is measured: ours and, where there are any, those that it is compared with.
///
/// @param goal where our own figure should lie, if that says something by itself
/// @param place where it lies on a curve, if on any
record Case(
        String name,
        String unit,
        @Nullable Goal goal,
        @Nullable CurvePoint place,
        Contender ours,
        List<Rival> rivals) {

    /// What a ratio is taken to.
    ///
    /// @param goal where ours ÷ theirs should lie, if anywhere
    record Rival(String name, @Nullable Goal goal, Contender contender) {}

    Case(String name, String unit, @Nullable Goal goal, Contender ours, List<Rival> rivals) {
        this(name, unit, goal, null, ours, rivals);
    }

    Case(String name, String unit, Contender ours, Rival... rivals) {
        this(name, unit, null, ours, List.of(rivals));
    }

    /// Returns this with one more rival.
    Case beside(Rival rival) {
        var all = new ArrayList<>(rivals);
        all.add(rival);
        return new Case(name, unit, goal, place, ours, List.copyOf(all));
    }

    /// Returns this as a point of a curve.
    Case at(String curve, String along, double value) {
        return new Case(name, unit, goal, new CurvePoint(curve, along, value), ours, rivals);
    }

    /// Measures one case after the other.
    static List<Result> runAll(Pace pace, Progress progress, Case... cases) throws IOException, InterruptedException {
        var results = new ArrayList<Result>();
        for (Case each : cases) {
            results.add(each.runOrSayWhyNot(pace.rounds(), progress));
        }
        return results;
    }

    private Result runOrSayWhyNot(int rounds, Progress progress) throws IOException, InterruptedException {
        try {
            return run(rounds, progress);
        } catch (MissingPeer e) {
            return Result.ofNothing(name, unit, String.valueOf(e.getMessage()));
        }
    }

    /// Measures so many times: everybody in turn, in the opposite order in every other round. A rival who is missing is
    /// not asked again.
    ///
    /// @throws MissingPeer if something is missing that ours needs
    Result run(int rounds, Progress progress) throws IOException, InterruptedException {
        var ourSeat = new Seat("ours", ours);
        List<Seat> theirSeats = rivals.stream()
                .map(rival -> new Seat(rival.name(), rival.contender()))
                .toList();
        var table = new ArrayList<>(theirSeats);
        table.add(ourSeat);
        for (int round = 0; round < rounds; round++) {
            for (Seat each : round % 2 == 0 ? table : table.reversed()) {
                progress.show("%s, round %d of %d: %s".formatted(name, round + 1, rounds, each.name));
                measure(each, each == ourSeat);
            }
        }
        progress.clear();
        return result(ourSeat, theirSeats);
    }

    private static void measure(Seat seat, boolean isNeeded) throws IOException, InterruptedException {
        try {
            seat.measure();
        } catch (MissingPeer e) {
            if (isNeeded) {
                throw e;
            }
            seat.missing = String.valueOf(e.getMessage());
        }
    }

    private Result result(Seat ourSeat, List<Seat> theirSeats) {
        var result = new Result(name, unit, goal, place, Figures.of(ourSeat.figures), List.of(), List.of());
        for (int i = 0; i < rivals.size(); i++) {
            Rival rival = rivals.get(i);
            Seat seat = theirSeats.get(i);
            result = seat.missing != null
                    ? result.without(rival.name(), seat.missing)
                    : result.beside(rival.name(), rival.goal(), seat.figures);
        }
        return result;
    }

    /// Somebody's place at the table, and what was measured there.
    private static final class Seat {
        final String name;
        final List<Double> figures = new ArrayList<>();

        @Nullable
        String missing;

        private final Contender contender;

        Seat(String name, Contender contender) {
            this.name = name;
            this.contender = contender;
        }

        void measure() throws IOException, InterruptedException {
            if (missing == null) {
                figures.add(contender.measure());
            }
        }
    }
}
