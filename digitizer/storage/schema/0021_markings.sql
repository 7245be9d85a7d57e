-- What the record says of markings is asked for by the image, right before bytes leave.
CREATE INDEX audit_image ON audit (subject, seq)
    WHERE act IN ('marking.found', 'marking.decided', 'row.removed');
