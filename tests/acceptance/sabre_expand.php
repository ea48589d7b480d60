<?php
// Reads .ics files with sabre/vobject, which Nextcloud, ownCloud and Baikal are made of, and prints an object:
// the instances that start before LAST (first argument, exclusive, YYYY-MM-DD) by file.
// What validate() finds is an error. Days are printed as days, times as UTC.
error_reporting(E_ALL & ~E_DEPRECATED);
date_default_timezone_set('UTC');
require 'Sabre/VObject/autoload.php';

use Sabre\VObject\Reader;

function shown($property) {
    $moment = clone $property->getDateTime();
    if ((string)$property['VALUE'] === 'DATE') return $moment->format('Y-m-d');
    return $moment->setTimezone(new DateTimeZone('UTC'))->format('Y-m-d\TH:i:s\Z');
}

// sabre/vobject 2 resolves \\n and \\\\ and leaves \\, and \\; to its caller.
function text($property) {
    return str_replace(['\\,', '\\;'], [',', ';'], (string)$property);
}

function row($event) {
    return [
        'uid' => (string)$event->UID,
        'start' => shown($event->DTSTART),
        'end' => isset($event->DTEND) ? shown($event->DTEND) : null,
        'summary' => text($event->SUMMARY),
        'status' => (string)$event->STATUS,
    ];
}

$found = [];
foreach (array_slice($argv, 2) as $file) {
    $calendar = Reader::read(file_get_contents($file));
    foreach ($calendar->validate() as $one) fwrite(STDERR, "$file: {$one['message']}\n");
    $calendar->expand(new DateTime('2000-01-01'), new DateTime($argv[1]));
    $found[$file] = array_map('row', array_values($calendar->select('VEVENT')));
}
echo json_encode($found, JSON_UNESCAPED_UNICODE);
