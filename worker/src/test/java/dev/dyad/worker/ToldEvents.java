package dev.dyad.worker;

import dev.dyad.harness.Await;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// What a pool has told of its workers.
final class ToldEvents implements Consumer<WorkerEvent> {

    private final List<WorkerEvent> all = new CopyOnWriteArrayList<>();

    @Override
    public void accept(WorkerEvent event) {
        all.add(event);
    }

    <E extends WorkerEvent> List<E> of(Class<E> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /// Waits until there are so many.
    ///
    /// @return all that there are
    <E extends WorkerEvent> List<E> await(Class<E> type, int number) {
        Await.until(() -> of(type).size() >= number, PythonWorkers.LIMIT);
        return of(type);
    }
}
