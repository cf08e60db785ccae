"""One trace from the visitor's click to the SMS: W3C trace context through HTTP, outbox, broker and inbox."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()
HEADER = "traceparent"


def setup(service: str) -> None:
    """Let spans of this process carry the service's name; exporters are added by whoever runs one."""
    trace.set_tracer_provider(TracerProvider(resource=Resource.create({"service.name": service})))


@contextmanager
def span(name: str, *, parent: str | None = None, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[str | None]:
    """Run a piece of work as a span, below ``parent`` (a traceparent) when there is one; gives the trace's id."""
    context = _PROPAGATOR.extract({HEADER: parent}) if parent else None
    tracer = trace.get_tracer("plats")
    with tracer.start_as_current_span(name, context=context, kind=kind) as current:
        known = current.get_span_context()
        yield f"{known.trace_id:032x}" if known.is_valid else None


def traceparent() -> str | None:
    """The current span as a ``traceparent`` header, or None outside any trace."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get(HEADER)


def headers() -> dict[str, str]:
    """The headers that carry the current trace to the next service."""
    current = traceparent()
    return {HEADER: current} if current else {}
