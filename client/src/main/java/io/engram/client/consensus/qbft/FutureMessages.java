package io.engram.client.consensus.qbft;

import io.engram.client.consensus.qbft.message.QbftMessage;
import io.engram.genesis.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Messages for heights that this node has not reached, bounded in number, in distance and for each author. */
final class FutureMessages {

    /** A message with the form in which it came, to be passed on. */
    record Waiting(QbftMessage message, QbftEvent.MessageReceived received) {}

    private final int limit;
    private final int maxDistance;
    private final Map<Long, List<Waiting>> byHeight = new TreeMap<>();
    private final Map<Address, Integer> byAuthor = new HashMap<>();
    private int size;

    FutureMessages(int limit, int maxDistance) {
        this.limit = limit;
        this.maxDistance = maxDistance;
    }

    /**
     * @param authors among whom the room is divided, so that none can take it all
     * @return whether there was room
     */
    boolean add(Waiting waiting, long height, int authors) {
        QbftMessage message = waiting.message();
        int share = Math.max(1, limit / Math.max(1, authors));
        if (message.at().height() - height > maxDistance
                || size >= limit
                || byAuthor.getOrDefault(message.author(), 0) >= share) {
            return false;
        }
        byHeight.computeIfAbsent(message.at().height(), at -> new ArrayList<>()).add(waiting);
        byAuthor.merge(message.author(), 1, Integer::sum);
        size++;
        return true;
    }

    /** Those of this height; earlier ones are dropped. */
    List<Waiting> take(long height) {
        List<Waiting> due = List.copyOf(byHeight.getOrDefault(height, List.of()));
        for (var entries = byHeight.entrySet().iterator(); entries.hasNext(); ) {
            Map.Entry<Long, List<Waiting>> entry = entries.next();
            if (entry.getKey() > height) {
                break;
            }
            entry.getValue().forEach(gone -> forget(gone.message().author()));
            entries.remove();
        }
        return due;
    }

    private void forget(Address author) {
        size--;
        byAuthor.computeIfPresent(author, (who, count) -> count > 1 ? count - 1 : null);
    }

    int size() {
        return size;
    }
}
