package io.engram.evm.interpreter;

import io.engram.evm.operation.HashCache;
import java.util.ArrayList;
import java.util.List;

/** Frames by depth, reused from call to call. Used by one thread at a time. */
public final class FrameStack {

    /** Frames kept between transactions; one takes 33 kB and what memory it keeps. */
    private static final int KEPT = 32;

    private final HashCache hashes = new HashCache();
    private final Frame root = new Frame();
    private final List<Frame> frames = new ArrayList<>();

    HashCache hashes() {
        return hashes;
    }

    /** Stands in for the caller of the outermost call. */
    Frame root() {
        return root;
    }

    /** The frame at a depth not more than one deeper than any asked for before. */
    Frame at(int depth) {
        if (depth < 0) {
            return root;
        }
        if (depth == frames.size()) {
            frames.add(new Frame());
        }
        return frames.get(depth);
    }

    /** Gives up the frames of unusual depth. */
    public void trim() {
        while (frames.size() > KEPT) {
            frames.removeLast();
        }
    }
}
