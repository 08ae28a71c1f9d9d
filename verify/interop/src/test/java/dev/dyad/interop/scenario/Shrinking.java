package dev.dyad.interop.scenario;

import java.util.ArrayList;
import java.util.List;

/// Leaves out of a list what a property does not need.
final class Shrinking {

    /// A property of lists.
    @FunctionalInterface
    interface Property<T> {

        boolean holds(List<T> list) throws Exception;
    }

    private Shrinking() {}

    /// Returns a part of `list`, in its order, which still has the property, and loses it with any one element.
    static <T> List<T> shrink(List<T> list, Property<T> property) throws Exception {
        List<T> least = list;
        for (int piece = Math.max(1, list.size() / 2); piece > 0; piece = least.size() == 1 ? 0 : piece / 2) {
            least = withoutPieces(least, piece, property);
        }
        return least;
    }

    private static <T> List<T> withoutPieces(List<T> list, int piece, Property<T> property) throws Exception {
        List<T> least = list;
        for (int at = least.size() - piece; at >= 0; at -= piece) {
            List<T> fewer = new ArrayList<>(least.subList(0, at));
            fewer.addAll(least.subList(Math.min(at + piece, least.size()), least.size()));
            if (!fewer.isEmpty() && property.holds(fewer)) {
                least = fewer;
            }
        }
        return least;
    }
}
