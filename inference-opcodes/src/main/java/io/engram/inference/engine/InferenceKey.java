package io.engram.inference.engine;

import io.engram.genesis.Hash;

/** What determines the result of one inference (protocol B4). */
record InferenceKey(Hash modelId, Hash inputRoot) {}
