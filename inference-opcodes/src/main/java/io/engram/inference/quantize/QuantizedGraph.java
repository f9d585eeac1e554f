package io.engram.inference.quantize;

import io.engram.inference.model.Graph;

/**
 * An integer graph and where it came from.
 *
 * @param steps for each float node the number of the integer node that makes its value, −1 for inputs and constants
 */
record QuantizedGraph(Graph graph, int[] steps) {}
